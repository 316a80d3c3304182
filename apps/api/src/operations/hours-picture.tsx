import type { VNode } from 'preact';
import type { IssuanceOperations } from '#badges';
import { counted, type Language, number } from '#platform';
import type { OperationsWords } from './operations-texts.js';

const width = 720;
const height = 140;
const gap = 4;

const clock = (iso: string, language: Language): string => {
  const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hour12: false, timeZone: 'Europe/Paris' })
    .format(new Date(iso))
    .slice(0, 2);
  return language === 'fr' ? `${Number(hour)}\u00a0h` : `${hour}:00`;
};

/** Bars of the last 24 hours, with the same numbers as a table for whoever does not see them. */
export function HoursPicture({
  hours,
  words,
  language,
}: {
  hours: IssuanceOperations['issuedPerHour'];
  words: OperationsWords;
  language: Language;
}): VNode {
  const most = Math.max(...hours.map((one) => one.number));
  const total = hours.reduce((sum, one) => sum + one.number, 0);
  if (total === 0) return <p>{words.hoursNone}</p>;
  const told = words.hoursTotal
    .replace('{badges}', counted(words.badges, total, language))
    .replace('{most}', number(most, language));
  const step = width / hours.length;
  return (
    <>
      <p>{told}</p>
      <figure class="ops-hours">
        <svg viewBox={`0 0 ${width} ${height + 4}`} role="img" aria-label={told} preserveAspectRatio="none">
          <path class="ops-axis" d={`M0 ${height + 2}H${width}`} />
          {hours.map((one, at) => {
            const tall = one.number === 0 ? 0 : Math.max(3, Math.round((one.number / most) * height));
            return (
              <rect
                key={one.hour}
                x={at * step + gap / 2}
                y={height - tall}
                width={step - gap}
                height={tall}
                rx="2"
              />
            );
          })}
        </svg>
        <figcaption class="ops-clock" aria-hidden="true">
          {[0, 8, 16, hours.length - 1].map((at) => (
            <span key={at}>{clock(hours[at]!.hour, language)}</span>
          ))}
        </figcaption>
      </figure>
      <table class="unseen">
        <caption>{words.hours}</caption>
        <thead>
          <tr>
            <th scope="col">{words.hour}</th>
            <th scope="col">{words.badgeCodes}</th>
          </tr>
        </thead>
        <tbody>
          {hours.map((one) => (
            <tr key={one.hour}>
              <th scope="row">{clock(one.hour, language)}</th>
              <td>{one.number}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
