import type { EventFunctionKey } from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { objectOf } from '../../support/fuzz/json-text';

/** JSON of a valid event for a function, with every field that its contracts require, and two JSON values of the test. */
export function wholeEvent(key: EventFunctionKey, metadata: string, further: string): string {
  const [{ source, detailType }] = CONTRACTS[key];
  return objectOf([
    ['id', '"envelope-1"'],
    ['source', JSON.stringify(source)],
    ['detail-type', JSON.stringify(detailType)],
    ['time', '"2026-03-02T08:00:00Z"'],
    [
      'detail',
      objectOf([
        ['shipment_id', '"SHP-1"'],
        ['status', '"delivered"'],
        ['reason', '"a test"'],
        ['error_type', '"feed_down"'],
        ['error_message', '"the feed is down"'],
        ['metadata', objectOf([['bulk', metadata]])],
        ['further', further],
      ]),
    ],
  ]);
}
