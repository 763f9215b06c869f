import { withSection } from '../written-section';

/** Documents that show the picture. */
const DOCUMENTS = ['README.md', 'docs/architecture.md'];

/** The documents as they are, with this picture in them. */
export const documentsWith = (picture: string) => DOCUMENTS.map((file) => withSection(file, 'picture', picture));
