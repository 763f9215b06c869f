/** Registers how to stop something that was started. */
export type OnStarted = (stop: () => Promise<unknown>) => void;

/** Everything that was started and must be stopped again. */
export class Started {
  private readonly stops: (() => Promise<unknown>)[] = [];

  readonly add: OnStarted = (stop) => {
    this.stops.push(stop);
  };

  /**
   * Stops everything in reverse order, one after another, including what is started in the meantime.
   * @throws AggregateError of everything that could not be stopped, after stopping the rest
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
