#!/usr/bin/env node
import { makeProgram } from './program.ts'

process.exitCode = await makeProgram({ env: process.env, argv: process.argv }).run()
