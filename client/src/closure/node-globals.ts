import { runInNewContext } from 'node:vm'

// https://nodejs.org/docs/latest-v24.x/api/globals.html, 26 November 2026: without those of a command-line flag.
const ofNode = `
  AbortController AbortSignal Blob BroadcastChannel Buffer ByteLengthQueuingStrategy CloseEvent CompressionStream
  CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream Event EventTarget File FormData
  Headers MessageChannel MessageEvent MessagePort Navigator Performance PerformanceEntry PerformanceMark
  PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming
  ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest
  ReadableStreamDefaultController ReadableStreamDefaultReader Request Response SubtleCrypto TextDecoder
  TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController URL URLPattern
  URLSearchParams WebAssembly WebSocket WritableStream WritableStreamDefaultController WritableStreamDefaultWriter atob
  btoa clearImmediate clearInterval clearTimeout console crypto fetch global navigator performance process
  queueMicrotask setImmediate setInterval setTimeout structuredClone
`

let known: ReadonlySet<string> | undefined

/** The names that a program finds in every process of Node, whatever it has made global itself. */
export function nodeGlobals(): ReadonlySet<string> {
  // A new context, which takes a moment to make, has what the language itself has.
  known ??= new Set([
    ...(runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]),
    ...ofNode.trim().split(/\s+/),
  ])
  return known
}
