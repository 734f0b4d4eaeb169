import { type DragEvent, useState } from 'react'

/** Takes files that are dropped onto an element which has these handlers. */
export function useFileDrop(onFiles: (files: File[]) => void) {
  const [isOver, setOver] = useState(false)
  // What an element within has taken is not for this one.
  const hasFiles = ({ dataTransfer, defaultPrevented }: DragEvent): boolean =>
    !defaultPrevented && dataTransfer.types.includes('Files')
  return {
    isOver,
    handlers: {
      onDragOver(event: DragEvent) {
        if (!hasFiles(event)) return
        // Or the browser would leave the page for the file.
        event.preventDefault()
        setOver(true)
      },
      onDragLeave(event: DragEvent) {
        const isWithin =
          event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)
        if (!isWithin) setOver(false)
      },
      onDrop(event: DragEvent) {
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(false)
        onFiles([...event.dataTransfer.files])
      },
    },
  }
}
