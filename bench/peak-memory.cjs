// Loaded before a measured program: prints its peak memory in kilobytes as the last line of stderr.
process.on('exit', () => process.stderr.write(`\n${process.resourceUsage().maxRSS}\n`));
