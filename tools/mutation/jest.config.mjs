/** What tests the core itself, in seconds; the other properties take many times as long for each change. */
import { projectOf } from '../../jest.config.mjs';

const FOLDERS = ['unit/domain', 'unit/application', 'unit/handlers', 'properties'];

const { displayName: _, ...unit } = projectOf(['core', [FOLDERS, '(\\.property)?']]);

export default {
  ...unit,
  rootDir: '../..',
  testPathIgnorePatterns: ['(order-free|shipment-state|deployment|carriers)\\.property'],
};
