/**
 * Metrics that AWS's documents list, each with its sets of dimensions in alphabetical order, and those of ours that an alarm watches. An alarm
 * or widget with another set never has data.
 */
export const METRIC_CATALOGUE: Readonly<Record<string, Readonly<Record<string, readonly (readonly string[])[]>>>> = {
  // "Types of metrics for Lambda functions"
  'AWS/Lambda': {
    Errors: [['FunctionName']],
    Throttles: [['FunctionName']],
    Duration: [['FunctionName']],
    AsyncEventAge: [['FunctionName']],
    IteratorAge: [['FunctionName']],
    DestinationDeliveryFailures: [['FunctionName']],
  },
  // "Monitoring Amazon EventBridge": RuleName alone is for rules of the default bus, with EventBusName for those of any other
  'AWS/Events': {
    MatchedEvents: [['EventBusName', 'RuleName'], ['RuleName']],
    FailedInvocations: [['EventBusName', 'RuleName'], ['RuleName']],
    InvocationsFailedToBeSentToDlq: [['EventBusName', 'RuleName'], ['RuleName']],
  },
  // "Available CloudWatch metrics for Amazon SQS"
  'AWS/SQS': { NumberOfMessagesSent: [['QueueName']], ApproximateNumberOfMessagesVisible: [['QueueName']] },
  // tests/template/monitoring.test.ts compares it with the function's output
  LogisticsEventProcessor: { WebhooksRefused: [['environment', 'platform', 'service']] },
  // "DynamoDB metrics and dimensions": a table's own series leaves its indexes out
  'AWS/DynamoDB': { WriteThrottleEvents: [['TableName'], ['GlobalSecondaryIndexName', 'TableName']] },
};
