/** The bus's logical id, apart from the bus, for what only names it. */
export const BUS_ID = 'EventBus';
