/**
 * The screens of the dashboard, as its head and the desktop's menu name them. `key` leads to one from anywhere in
 * the page.
 */
export const screens = [
  { path: '/', title: 'Benchmark', key: 'b' },
  { path: '/live', title: 'Live', key: 'l' },
  { path: '/results', title: 'Results', key: 'r' },
  { path: '/explain', title: 'Explain', key: 'e' },
  { path: '/history', title: 'History', key: 'h' },
  { path: '/doctor', title: 'Doctor', key: 'd' },
  { path: '/present', title: 'Present', key: 'f' },
] as const
