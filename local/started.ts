/** Takes how to stop something that was started. */
export type OnStarted = (stop: () => Promise<unknown>) => void;

/** Stops what was started and still runs. */
export class Started {
  private readonly stops: (() => Promise<unknown>)[] = [];

  readonly add: OnStarted = (stop) => {
    this.stops.push(stop);
  };

  /**
   * Stops everything, what is started meanwhile too: the last first, since it may need what was there before it, and one after another.
   * @throws AggregateError of what could not be stopped, once all the rest is
   */
  async stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let stop = this.stops.pop(); stop; stop = this.stops.pop()) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything that was started could be stopped');
  }
}
