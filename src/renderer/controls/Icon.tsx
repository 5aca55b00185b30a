/** Outlines on a 16-px grid, drawn with the text colour. */
const PATHS = {
  play: 'M5 3.2v9.6l7.6-4.8z',
  pause: 'M5 3.5v9M11 3.5v9',
  step: 'M3.5 3.2v9.6l6.6-4.8zM12.5 3.5v9',
  stepBack: 'M12.5 3.2v9.6L5.9 8zM3.5 3.5v9',
  backwards: 'M11.2 2.6v10.8L2.6 8z',
  loop: 'M3 7.5V6.8a2.3 2.3 0 0 1 2.3-2.3H12M10 2.4l2.2 2.1L10 6.6M13 8.5v.7a2.3 2.3 0 0 1-2.3 2.3H4M6 9.4l-2.2 2.1L6 13.6',
  bookmark: 'M4.5 2.8h7v10.4L8 10.4l-3.5 2.8z',
  record: 'M8 12.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4z',
  branch: 'M4.5 3v10M4.5 9c0-3.2 7-1.6 7-5M9.5 5.4l2-2.2 2 2.2',
  restart: 'M3.2 8a4.8 4.8 0 1 0 1.5-3.5M3.2 2.6v2.8H6',
  chevron: 'M6 4l4 4-4 4',
  down: 'M4 6l4 4 4-4',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  theme: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  help: 'M5.8 6.1a2.3 2.3 0 1 1 3.3 2.1c-.7.4-1.1.8-1.1 1.6M8 12.3v.1',
  close: 'M4 4l8 8M12 4l-8 8',
  reset: 'M4 6.2h5.4a2.9 2.9 0 0 1 0 5.8H6M6.4 3.6L3.8 6.2l2.6 2.6',
  left: 'M2.5 3h11v10h-11zM6.3 3v10',
  right: 'M2.5 3h11v10h-11zM9.7 3v10',
  camera: 'M2.5 5h2.7l1-1.5h3.6l1 1.5h2.7v7.5h-11zM8 10.7a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  film: 'M2.5 4h7.6v8H2.5zM10.1 7l3.4-2.2v6.4L10.1 9',
  fit: 'M2.8 5.8v-3h3M10.2 2.8h3v3M13.2 10.2v3h-3M5.8 13.2h-3v-3',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  select: 'M4 2.8l8.2 5.4-3.7.8-1.9 3.5z',
  brush:
    'M13 2.8L7.4 8.9M5.9 8.8c1.5.2 2 1.3 1.4 2.6-.8 1.6-2.8 2-4.5 1.6 1.3-.6 1-1.5 1.3-2.6.3-1 1-1.6 1.8-1.6z',
  place: 'M8 13.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4zM8 5.6v4.8M5.6 8h4.8',
  kill: 'M8 13.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4zM6.2 6.2l3.6 3.6M9.8 6.2L6.2 9.8',
  probe: 'M8 1.8v3.4M8 10.8v3.4M1.8 8h3.4M10.8 8h3.4M8 9.4a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z',
  undo: 'M4 6.2h5.4a2.9 2.9 0 0 1 0 5.8H6M6.4 3.6L3.8 6.2l2.6 2.6',
  download: 'M8 2.5v7.2M5 7l3 3 3-3M3 13h10',
  open: 'M2.5 12.5v-9h4l1.4 1.8h5.6v7.2z',
  save: 'M3 3h8l2 2v8H3zM5.5 3v3.2h4.6V3M5 13V9.2h6V13',
  check: 'M3.5 8.4l3 3 6-6.6',
  follow: 'M8 13.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4zM8 9.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2z',
  lab: 'M6 2.5h4M6.8 2.5v4L3.4 12a1 1 0 0 0 .9 1.5h7.4a1 1 0 0 0 .9-1.5L9.2 6.5v-4M5 9.8h6',
  warning: 'M8 2.8l5.8 10.2H2.2zM8 6.6v3M8 11.2v.1',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill={name === 'play' ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
