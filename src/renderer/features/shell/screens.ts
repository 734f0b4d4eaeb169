/** The screens, as the head names them. `key` leads to one from anywhere. */
export const screens = [
  { path: '/', title: 'Benchmark', key: 'b' },
  { path: '/live', title: 'Live', key: 'l' },
  { path: '/results', title: 'Results', key: 'r' },
  { path: '/history', title: 'History', key: 'h' },
  { path: '/present', title: 'Present', key: 'f' },
] as const
