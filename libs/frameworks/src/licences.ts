import type { Licence } from './framework.entity.js';

const known = new Map<string | null, { name: string; url: string }>([
  [
    'CC-BY-4.0',
    {
      name: 'Creative Commons Attribution 4.0 (CC BY 4.0)',
      url: 'https://creativecommons.org/licenses/by/4.0/',
    },
  ],
  [
    'etalab-2.0',
    {
      name: 'Licence Ouverte 2.0 (Etalab)',
      url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
    },
  ],
]);

/** What people call the licence; its attribution where only facts are cited. */
export const licenceName = ({ spdx, attribution }: Licence): string =>
  spdx === null ? [...attribution].slice(0, 200).join('') : (known.get(spdx)?.name ?? spdx);

/** Where the licence can be read, null when that is not known. */
export const licenceUrl = ({ spdx }: Licence): string | null => known.get(spdx)?.url ?? null;
