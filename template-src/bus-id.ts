/** The bus's logical id, apart from the bus: its rules' alarms name it, and the bus names its rules. */
export const BUS_ID = 'EventBus';
