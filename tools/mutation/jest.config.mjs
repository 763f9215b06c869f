/** The core's own tests. The excluded properties would take many times as long for each mutation. */
import { projectOf } from '../../jest.config.mjs';

const FOLDERS = ['unit/domain', 'unit/application', 'unit/handlers', 'properties'];

const { displayName: _, ...unit } = projectOf(['core', [FOLDERS, '(\\.property)?']]);

export default {
  ...unit,
  rootDir: '../..',
  testPathIgnorePatterns: ['(order-free|shipment-state|deployment)\\.property'],
};
