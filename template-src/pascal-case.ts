/** `status-updater` as a logical id begins: `StatusUpdater`. */
export const pascalCase = (kebab: string) =>
  kebab.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
