import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { markdownTable } from '../../lib/markdown';
import { DOCUMENTS_FOLDER, schemaLink } from './documents';
import { detailSchemaOf } from './json-schema';

/** A row for each event that producers send, with a link to its schema and the fields of its detail. */
export const eventTable = markdownTable(
  ['source', 'detail-type', '', 'detail'],
  Object.values(CONTRACTS)
    .flat()
    .filter(({ source }) => source !== eventFailed.source)
    .map((contract) => {
      const { source, detailType, summary, open } = contract;
      const { properties = {}, required = [] } = detailSchemaOf(contract);
      const optional = Object.keys(properties).filter((name) => !required.includes(name));
      const fields = [...required, ...optional.map((name) => `${name}?`)].map((name) => `\`${name}\``);
      return [
        `\`${source}\``,
        schemaLink(`\`${detailType}\``, detailType, DOCUMENTS_FOLDER),
        summary,
        [...fields, ...(open ? ['anything else'] : [])].join(', '),
      ];
    }),
);
