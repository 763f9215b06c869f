/**
 * A figure as text: 1,500 or, with two decimals, 1,500.00. The first call of `toLocaleString` loads the locales, a tenth of the time of a
 * render.
 */
export function grouped(figure: number, decimals = 0): string {
  const [whole = '', ...fraction] = figure.toFixed(decimals).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.');
}
