import { DescribeParametersCommand } from '@aws-sdk/client-ssm';
import { NAMES } from '../../contracts/names';
import { attention, type Findings, ok, type Stack } from './check';

/** Checks that the parameter with the carriers' secrets exists and is encrypted. Reads no secret. */
export async function carrierWebhooks({ target, parameters, outputs }: Stack): Promise<Findings> {
  if (parameters.get('CarrierWebhooks') !== 'true') return [ok('webhooks are off: CarrierWebhooks is false')];
  const name = target.name(NAMES.carriersParameter);
  const { Parameters = [] } = await target.ssm.send(
    new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }] }),
  );
  const [parameter] = Parameters;
  if (!parameter)
    return [
      attention(
        `webhooks are on, but all are refused: there is no parameter ${name}`,
        target.aws`ssm put-parameter --name ${name} --type SecureString --value file://carriers.json`,
      ),
    ];
  if (parameter.Type !== 'SecureString')
    return [
      attention(
        `the secrets in ${name} are not encrypted: its type is ${parameter.Type}`,
        target.aws`ssm put-parameter --overwrite --name ${name} --type SecureString --value file://carriers.json`,
      ),
    ];
  const concurrency = Number(parameters.get('CarrierWebhookConcurrency') ?? 0);
  const bound = concurrency > 0 ? `${concurrency} at once` : 'as many at once as the account has';
  return [
    ok(
      `webhooks are accepted at ${outputs.get('CarrierWebhookUrl')}, ${bound}; secrets of ${parameter.LastModifiedDate?.toISOString().slice(0, 10)}`,
    ),
  ];
}
