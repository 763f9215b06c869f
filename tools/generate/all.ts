/** Generates the samples, documents, template files and sections of documents; contracts/generated must be up to date. */
import { CLAIMS } from '../../cli/conformance/claims';
import { deadLetterQueueName, FUNCTION_KEYS, functionName, QUEUED_FUNCTION_KEYS } from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { ARCHIVE_DAYS, MIN_EVENT_RETENTION_DAYS, QUEUE_RETENTION_DAYS, RECOVERY_DAYS } from '../../contracts/retention';
import { SHIPMENT_STALLED, STATUS_CHANGED } from '../../contracts/status-events';
import { STATUSES, statusRule } from '../../contracts/statuses';
import { ERROR_ROW_DAYS } from '../../contracts/tables';
import { writeOrCheck } from '../../lib/generated-files';
import { markdownTable } from '../../lib/markdown';
import { ACCEPTED_FINDINGS } from '../../template-src/accepted-findings';
import { ALARM_PERIOD_SECONDS, FUNCTION_FIGURES, STREAM_FIGURES, THRESHOLDS } from '../../template-src/defaults';
import { pictureOf } from '../../template-src/picture/graph';
import { renderedFiles } from '../../template-src/render';
import { template } from '../../template-src/template';
import { capacityTable } from '../cost/capacity';
import { grouped } from '../cost/grouped';
import { costSummary, costTables, rateCosts } from '../cost/tables';
import { layersTable } from '../layers/layers';
import { carrierStatuses } from './carrier-statuses';
import { claimsTable } from './conformance';
import { DOCUMENTS_FOLDER, documents, schemaLink } from './documents';
import { eventTable } from './event-table';
import { GeneratedSections } from './generated-sections';
import { mermaid } from './mermaid';
import { alarmSections } from './runbook';
import { SAMPLE_FOLDERS, samples } from './samples';

const archiveDays = String(ARCHIVE_DAYS);
const retention = {
  archiveDays,
  queueDays: String(QUEUE_RETENTION_DAYS),
  errorRowDays: String(ERROR_ROW_DAYS),
  recoveryDays: String(RECOVERY_DAYS),
};

const stalledRate = `\`${FUNCTION_FIGURES['stalled-shipments'].rate}\``;

const namesOf = (isNamed: (rule: ReturnType<typeof statusRule>) => boolean) =>
  STATUSES.filter((status) => isNamed(statusRule(status)))
    .map((status) => `\`${status}\``)
    .join(', ');

/** The tenth of the events that a gradual deployment gives to the new version, and of that version's retries. */
const TRIES_AN_EVENT = 0.1 * (1 + 0.1 + 0.01);

/** Events a day, in thousands, with which a version that fails on all of them causes twice the errors of the alarm in each period. */
const enoughEvents = Math.round((2 * THRESHOLDS.errors * 86.4) / (ALARM_PERIOD_SECONDS * TRIES_AN_EVENT)) * 1_000;

const functions = FUNCTION_KEYS.map((key) => `\`${functionName(key)}-{env}\``).join(', ');

const deleteQueues = `\`\`\`sh
for queue in ${[NAMES.unroutedQueue, ...QUEUED_FUNCTION_KEYS.map(deadLetterQueueName)].join(' ')}; do
  aws sqs delete-queue --queue-url $(aws sqs get-queue-url --queue-name $queue-{env} --query QueueUrl --output text)
done
\`\`\``;

const findings = markdownTable(
  ['rule', 'on', 'why it stays'],
  ACCEPTED_FINDINGS.map(({ rule, type, reason }) => [rule, type.replace(/^AWS::/, ''), reason]),
);

const sections = new GeneratedSections('npm run generate')
  .put('README.md', 'picture', mermaid(pictureOf(template)))
  .put('README.md', 'cost', costSummary)
  .put('README.md', 'events', eventTable)
  .put('docs/runbook.md', 'alarms', alarmSections())
  .put('docs/runbook.md', 'queues', deleteQueues)
  .put('docs/cost.md', 'bills', costTables)
  .put('docs/scale.md', 'capacity', capacityTable)
  .put('docs/security.md', 'findings', findings)
  .put('docs/carriers.md', 'statuses', carrierStatuses)
  .put('docs/conformance.md', 'claims', claimsTable)
  .put('CONTRIBUTING.md', 'layers', layersTable)
  .fill('README.md', {
    archiveDays,
    functions,
    openStatuses: namesOf(({ closed }) => !closed),
    closedStatuses: namesOf(({ closed }) => closed),
  })
  .fill('docs/architecture.md', { archiveDays, stalledRate, notifyingStatuses: namesOf(({ notifies }) => notifies) })
  .fill('docs/conformance.md', { archiveDays, claims: String(CLAIMS.length) })
  .fill('docs/reliability.md', { archiveDays, streamHours: String(STREAM_FIGURES.maxAgeSeconds / 3_600) })
  .fill('docs/scale.md', rateCosts)
  .fill('docs/deploy.md', { errors: String(THRESHOLDS.errors), enoughEvents: grouped(enoughEvents) })
  .fill('docs/privacy.md', {
    ...retention,
    floor: String(MIN_EVENT_RETENTION_DAYS),
  })
  .fill('docs/subscribe.md', {
    stalledRate,
    statusChanged: schemaLink('the schema', STATUS_CHANGED.detailType),
    shipmentStalled: schemaLink('the schema', SHIPMENT_STALLED.detailType),
  })
  .fill('docs/runbook.md', retention);

writeOrCheck({
  files: new Map([...samples, ...documents, ...renderedFiles, ...sections.files]),
  folders: [...SAMPLE_FOLDERS, DOCUMENTS_FOLDER],
});
