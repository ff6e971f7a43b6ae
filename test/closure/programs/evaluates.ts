let assigned = 1
const constant = 2

export const useAssigned = () => assigned
export const useConstant = () => constant
// biome-ignore lint/security/noGlobalEval: what is refused
export const evaluate = (text: string) => eval(text)
export const change = () => {
  assigned = 2
}
