import type { Command } from 'commander'
import { configurationPath, readConfigurationFile } from '../../backends/service/service-configuration.ts'
import { exitCodes } from '../exit-codes.ts'
import { type JsonFlag, jsonHelp } from '../json-flag.ts'
import { toJson, toTable } from '../table.ts'
import type { Act, Terminal } from '../terminal.ts'
import { effectiveSetting, effectiveSettings, parseSetting, parseSettingName } from './settings.ts'
import { writeConfigurationFile } from './write-configuration.ts'

/** The user's settings: what programs with a ServiceBackend need to know. */
export function addConfig(program: Command, terminal: Terminal, act: Act): void {
  const config = program.command('config').description("the user's settings of the service; the environment beats them")
  addList(config, terminal, act)
  addGet(config, terminal, act)
  addSet(config, terminal, act)
  addUnset(config, terminal, act)
}

function addList(config: Command, { env, print }: Terminal, act: Act): void {
  config
    .command('list')
    .description('every setting, its value, and where that comes from')
    .option('--json', jsonHelp)
    .action(({ json }: JsonFlag) =>
      act(async () => {
        const settings = effectiveSettings(readConfigurationFile(configurationPath(env)), env)
        if (json) for (const setting of settings) print(toJson(setting))
        else print(toTable([['SETTING', 'VALUE', 'FROM'], ...settings.map((s) => [s.name, s.value ?? '-', s.from])]))
        return exitCodes.success
      }),
    )
}

function addGet(config: Command, { env, print, say }: Terminal, act: Act): void {
  config
    .command('get')
    .description('the value of a setting, as programs will find it')
    .argument('<setting>')
    .option('--json', jsonHelp)
    .action((word: string, { json }: JsonFlag) =>
      act(async () => {
        const name = parseSettingName(word)
        const setting = effectiveSetting(name, readConfigurationFile(configurationPath(env)), env)
        if (json) print(toJson(setting))
        else if (setting.value !== undefined) print(setting.value)
        if (setting.value !== undefined) return exitCodes.success
        say(`${name} is not set; set it by: graupel config set ${name} <value>`)
        return exitCodes.notFound
      }),
    )
}

function addSet(config: Command, { env, print, say }: Terminal, act: Act): void {
  config
    .command('set')
    .description('write a setting into the file; regions are separated by commas')
    .argument('<setting>')
    .argument('<value>')
    .option('--json', jsonHelp)
    .action((word: string, value: string, { json }: JsonFlag) =>
      act(async () => {
        const name = parseSettingName(word)
        const path = configurationPath(env)
        writeConfigurationFile(path, { ...readConfigurationFile(path), ...parseSetting(name, value) })
        const setting = effectiveSetting(name, readConfigurationFile(path), env)
        if (json) print(toJson(setting))
        else say(`${name} is ${value}, in ${path}`)
        if (setting.from !== 'file') say(`But ${setting.from} beats the file: ${name} is ${setting.value} here`)
        return exitCodes.success
      }),
    )
}

function addUnset(config: Command, { env, print, say }: Terminal, act: Act): void {
  config
    .command('unset')
    .description('remove a setting from the file')
    .argument('<setting>')
    .option('--json', jsonHelp)
    .action((word: string, { json }: JsonFlag) =>
      act(async () => {
        const name = parseSettingName(word)
        const path = configurationPath(env)
        const { [name]: removed, ...rest } = readConfigurationFile(path)
        if (removed !== undefined) writeConfigurationFile(path, rest)
        if (json) print(toJson(effectiveSetting(name, rest, env)))
        else say(removed === undefined ? `${name} was not in ${path}` : `${name} is no longer in ${path}`)
        return exitCodes.success
      }),
    )
}
