/**
 * Pictograms drawn for Insigne on a field from -64 to 64 in both directions, with strokes only.
 * `main` takes the ink of the face, `accent` the one detail that is highlighted.
 */
interface Pictogram {
  main: string;
  accent: string;
}

const roundedBox = (x: number, y: number, width: number, height: number, radius: number): string =>
  `M${x + radius} ${y}H${x + width - radius}a${radius} ${radius} 0 0 1 ${radius} ${radius}V${y + height - radius}a${radius} ${radius} 0 0 1 ${-radius} ${radius}H${x + radius}a${radius} ${radius} 0 0 1 ${-radius} ${-radius}V${y + radius}a${radius} ${radius} 0 0 1 ${radius} ${-radius}Z`;

const ring = (x: number, y: number, radius: number): string =>
  `M${x - radius} ${y}a${radius} ${radius} 0 1 1 ${radius * 2} 0a${radius} ${radius} 0 1 1 ${-radius * 2} 0Z`;

export const pictograms = {
  computer: {
    main: `${roundedBox(-50, -48, 100, 68, 8)}M-64 44H64`,
    accent: 'M-12 -30V4L-3 -4L4 9L10 6L4 -7H15Z',
  },
  'cv-document': {
    main: 'M-44 -54a8 8 0 0 1 8 -8H18L44 -36V54a8 8 0 0 1 -8 8H-36a8 8 0 0 1 -8 -8ZM18 -62V-36H44M-24 24H24M-24 42H12',
    accent: `${ring(-6, -27, 10)}M-25 4a19 15 0 0 1 38 0`,
  },
  message: {
    main: `${roundedBox(-62, -44, 124, 88, 9)}M-58 -36L-7 6a11 11 0 0 0 14 0L58 -36`,
    accent: 'M-40 26H-14M14 26H40',
  },
  'job-search': {
    main: `${ring(-12, -12, 48)}M24 24L60 60`,
    accent: `${roundedBox(-38, -20, 52, 34, 5)}M-22 -20V-27a5 5 0 0 1 5 -5H-7a5 5 0 0 1 5 5V-20M-38 -4H14`,
  },
  reputation: {
    main: 'M0 -64C16 -54 36 -48 56 -47V-4C56 32 32 54 0 66C-32 54 -56 32 -56 -4V-47C-36 -48 -16 -54 0 -64Z',
    accent: `M-36 0C-24 -18 -12 -25 0 -25C12 -25 24 -18 36 0C24 18 12 25 0 25C-12 25 -24 18 -36 0Z${ring(0, 0, 9)}`,
  },
  smartphone: {
    main: `${roundedBox(-34, -64, 68, 128, 12)}M-8 46H8`,
    accent: `${roundedBox(-18, -42, 13, 13, 2)}${roundedBox(5, -42, 13, 13, 2)}${roundedBox(-18, -17, 13, 13, 2)}${roundedBox(5, -17, 13, 13, 2)}`,
  },
  calendar: {
    main: `${roundedBox(-56, -46, 112, 104, 9)}M-56 -18H56M-28 -62V-34M28 -62V-34`,
    accent: 'M-22 18L-6 34L24 4',
  },
  pathway: {
    main: 'M-62 60H60V-24H22V4H-6V32H-34V60',
    accent: 'M40 -26V-66L64 -55L40 -44',
  },
  people: {
    main: `${ring(-32, -4, 15)}M-60 54V46a28 24 0 0 1 56 0V54${ring(34, 4, 13)}M12 54V50a22 20 0 0 1 46 0V54`,
    accent: 'M2 -60H44a8 8 0 0 1 8 8V-38a8 8 0 0 1 -8 8H20L6 -20V-30H2a8 8 0 0 1 -8 -8V-52a8 8 0 0 1 8 -8Z',
  },
  clipboard: {
    main: `M-20 -50H-38a8 8 0 0 0 -8 8V56a8 8 0 0 0 8 8H38a8 8 0 0 0 8 -8V-42a8 8 0 0 0 -8 -8H20${roundedBox(-20, -62, 40, 22, 6)}M6 -10H26M6 18H26M6 44H26`,
    accent: 'M-27 -11L-20 -4L-8 -18M-27 17L-20 24L-8 10M-27 43L-20 50L-8 36',
  },
  book: {
    main: 'M0 -34C-16 -48 -38 -52 -62 -50V44C-38 42 -16 46 0 60C16 46 38 42 62 44V-50C38 -52 16 -48 0 -34ZM0 -34V60',
    accent:
      'M-44 -26C-34 -26 -26 -24 -18 -20M-44 -4C-34 -4 -26 -2 -18 2M44 -26C34 -26 26 -24 18 -20M44 -4C34 -4 26 -2 18 2',
  },
} as const satisfies Record<string, Pictogram>;

export type PictogramKey = keyof typeof pictograms;

const byWorkshop: Readonly<Record<string, PictogramKey>> = {
  'CE-1': 'computer',
  'CE-2': 'cv-document',
  'CE-3': 'message',
  'CE-4': 'job-search',
  EREP: 'reputation',
  SMART: 'smartphone',
  ACTU: 'calendar',
  CLIC: 'pathway',
  PAIR: 'people',
  DIAG: 'clipboard',
};

/** The pictogram of a workshop or badge code ('CE-1', 'B-CLIC', …); an open book when the code is not known. */
export const pictogramFor = (code: string): PictogramKey => byWorkshop[code.replace(/^B-/, '')] ?? 'book';
