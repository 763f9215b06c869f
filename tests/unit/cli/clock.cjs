/** Required by `node --require`: a clock that is off by so many minutes. */
const SHIFT = Number(process.env.CLOCK_MINUTES) * 60_000;
const { now } = Date;

Date.now = () => now() + SHIFT;

globalThis.Date = class extends Date {
  constructor(...args) {
    super(...(args.length === 0 ? [now() + SHIFT] : args));
  }
};
