import type { List, Value } from 'cloudform-types/types/dataTypes';
import { ResourceBase } from 'cloudform-types/types/resource';

/** The properties of `AWS::Serverless::Function` that this template uses (cloudform-types has no SAM resources). */
export interface ServerlessFunctionProperties {
  FunctionName: Value<string>;
  Description: string;
  CodeUri: string;
  Handler: string;
  Runtime: string;
  Architectures: List<Value<string>>;
  Timeout: number;
  MemorySize: number;
  ReservedConcurrentExecutions?: Value<number>;
  Role: Value<string>;
  Tracing: Value<string>;
  LoggingConfig: { LogFormat: 'JSON' | 'Text'; LogGroup: Value<string> };
  Environment: { Variables: Readonly<Record<string, Value<string>>> };
  KmsKeyArn: Value<string>;
  /** Of asynchronous invocations. */
  EventInvokeConfig?: {
    MaximumEventAgeInSeconds: number;
    MaximumRetryAttempts: number;
    DestinationConfig: { OnFailure: { Type: 'SQS'; Destination: Value<string> } };
  };
  /** SAM publishes a version when the function changes, and points this alias at it. */
  AutoPublishAlias: string;
  AutoPublishAliasAllProperties: true;
  VersionDescription: Value<string>;
  DeploymentPreference: {
    Enabled: Value<string>;
    Type: 'Canary10Percent15Minutes';
    Alarms: List<Value<string>>;
    Role: Value<string>;
  };
  /** Onto CodeDeploy's resources. */
  PropagateTags: true;
  /** SAM writes a function's tags as a map. */
  Tags?: Readonly<Record<string, Value<string>>>;
}

/** SAM hands every build property to esbuild as a flag. */
export interface BuildProperties {
  EntryPoints: readonly string[];
  /** Packages that are left out of the bundle. */
  External: readonly string[];
  Format: 'esm';
  MainFields: string;
  Minify: boolean;
  OutExtension: readonly string[];
  Sourcemap: boolean;
  Target: string;
}

interface EsbuildMetadata {
  BuildMethod: 'esbuild';
  BuildProperties: BuildProperties;
}

export class ServerlessFunction extends ResourceBase<ServerlessFunctionProperties> {
  constructor(properties: ServerlessFunctionProperties, metadata: EsbuildMetadata) {
    super('AWS::Serverless::Function', properties);
    this.metadata({ ...metadata });
  }
}
