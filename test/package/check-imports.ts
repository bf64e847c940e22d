import { checkImportRules } from './import-rules.ts';
import { readSources } from './read-sources.ts';

const sources = await readSources('src');
const complaints = checkImportRules(sources);
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
else console.log(`${sources.size} files keep the import rules.`);
