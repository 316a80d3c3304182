import type { VNode } from 'preact';

/** Signs drawn for Insigne on 24 × 24 units, with strokes in the colour of the text. */
const signs = {
  authentic:
    'M12 2.5L19.5 5.5V11.5C19.5 16.5 16 20 12 21.5C8 20 4.5 16.5 4.5 11.5V5.5ZM8.5 12L11 14.5L15.5 9.5',
  expired: 'M12 3A9 9 0 1 1 12 21A9 9 0 1 1 12 3ZM12 7.5V12.5L15.5 14.5',
  withdrawn: 'M12 3A9 9 0 1 1 12 21A9 9 0 1 1 12 3ZM7.5 12H16.5',
  cannot_check: 'M12 3A9 9 0 1 1 12 21A9 9 0 1 1 12 3ZM9.5 9.5A2.6 2.6 0 1 1 12 12.6V13.6M12 16.9V17',
  not_authentic: 'M8.3 3H15.7L21 8.3V15.7L15.7 21H8.3L3 15.7V8.3ZM9 9L15 15M15 9L9 15',
  tick: 'M4.5 12.5L9.5 17.5L19.5 6.5',
  cross: 'M6 6L18 18M18 6L6 18',
  unknown: 'M8.5 8.8A3.6 3.6 0 1 1 12 12.9V14.4M12 18.4V18.5',
  dot: 'M12 10.5A1.5 1.5 0 1 1 12 13.5A1.5 1.5 0 1 1 12 10.5Z',
  info: 'M12 3A9 9 0 1 1 12 21A9 9 0 1 1 12 3ZM12 11V16.5M12 7.6V7.7',
  alarm: 'M12 3.5L21.5 20H2.5ZM12 9.5V14.5M12 17.2V17.3',
  working: 'M6 3H18M6 21H18M7.5 3V7L12 12L16.5 7V3M7.5 21V17L12 12L16.5 17V21',
  outside: 'M13.5 5H19V10.5M19 5L11 13M16 14V19H5V8H10',
  download: 'M12 4V15M7 10.5L12 15.5L17 10.5M5 20H19',
} as const;

export type IconName = keyof typeof signs;

/** A sign beside words that say the same; programs that read aloud skip it. */
export const Icon = ({ name }: { name: IconName }): VNode => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={signs[name]} />
  </svg>
);
