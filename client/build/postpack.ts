// npm runs this when it has packed.
import { restoreRepository } from './restore-repository.ts'

restoreRepository()
