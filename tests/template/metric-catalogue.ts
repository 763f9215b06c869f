/**
 * Metrics that AWS publishes, with the sets of dimensions they come with: what the documents of each service list; and those of ours that an
 * alarm watches. An alarm on any other pair never has data, and never goes off; a widget of it stays empty.
 */
export const METRIC_CATALOGUE: Readonly<Record<string, Readonly<Record<string, readonly (readonly string[])[]>>>> = {
  // "Types of metrics for Lambda functions"
  'AWS/Lambda': {
    Errors: [['FunctionName']],
    Throttles: [['FunctionName']],
    Duration: [['FunctionName']],
    AsyncEventsDropped: [['FunctionName']],
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
  // tests/template/dashboard.test.ts compares it with what the function writes
  LogisticsEventProcessor: { WebhooksRefused: [['environment', 'service', 'platform']] },
  // "DynamoDB metrics and dimensions": a table's own series leaves its indexes out
  'AWS/DynamoDB': { WriteThrottleEvents: [['TableName'], ['GlobalSecondaryIndexName', 'TableName']] },
};
