// Upper bounds of pieces of a chunk's JSON, so that shards can be closed before the text is made.

/** An in-port without its children. */
export const inPortBytes = 64
/** One child or local parent; neighbours share a range, which is cheaper. */
export const childBytes = 5
/** An out-port without its parents. */
export const outPortBytes = 64
/** One range of an out-port's parents. */
export const rangeBytes = 10
/** A planned job without its values. */
export const jobBytes = 64
/** The name of a detail's object. */
export const objectReferenceBytes = 100
/** A chunk without its lists. */
export const chunkBytes = 160
