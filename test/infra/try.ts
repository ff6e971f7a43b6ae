import { evaluateModule } from './evaluate-module.ts'
import { grantsOf } from './permissions/grants.ts'
console.log(grantsOf(await evaluateModule('  lanes = 2\n  submitters = ["user:someone@example.com"]\n  input_buckets=["my-inputs"]\n output_buckets=["my-outputs"]')).join('\n'))
