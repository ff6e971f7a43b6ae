export { isImageName, isImageReference } from '../model/index.ts'
