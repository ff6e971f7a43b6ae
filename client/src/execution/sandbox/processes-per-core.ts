/** Far more than programs need, and few enough for a machine to survive a fork bomb. */
export const processesPerCore = 4096
