import type { JobTemplate } from '../model/index.ts'
import { utf8Length } from './utf8-length.ts'

export interface TemplateEntry {
  readonly index: number
  readonly template: JobTemplate
  readonly sizeBytes: number
}

/** The different templates of a batch. Jobs made alike often share one object, which spares the comparison by text. */
export class TemplateTable {
  readonly entries: TemplateEntry[] = []
  readonly #byObject = new Map<JobTemplate, TemplateEntry>()
  readonly #byText = new Map<string, TemplateEntry>()

  add(template: JobTemplate): TemplateEntry {
    const known = this.#byObject.get(template)
    if (known !== undefined) return known
    const text = JSON.stringify(template)
    let entry = this.#byText.get(text)
    if (entry === undefined) {
      entry = { index: this.entries.length, template, sizeBytes: utf8Length(text) }
      this.entries.push(entry)
      this.#byText.set(text, entry)
    }
    this.#byObject.set(template, entry)
    return entry
  }
}
