import { useSessionStorage } from '@mantine/hooks'
import { useMemo } from 'react'

interface Kept {
  isOpen: boolean
  nodes: readonly number[]
}

/** Which machines are unfolded: kept while this tab lives, whatever screen or run is looked at meanwhile. */
export function useUnfolded() {
  const [kept, keep] = useSessionStorage<Kept>({
    key: 'tandem-machines',
    defaultValue: { isOpen: false, nodes: [] },
    getInitialValueInEffect: false,
  })
  const nodes = useMemo(() => new Set(kept.nodes), [kept.nodes])
  return {
    isOpen: kept.isOpen,
    setOpen: (isOpen: boolean) => keep({ ...kept, isOpen }),
    nodes,
    setNodes: (nodes: readonly number[]) => keep({ ...kept, nodes }),
  }
}
