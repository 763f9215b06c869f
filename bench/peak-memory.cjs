// Loaded before a measured program: says at its end how much memory it had at most, in kilobytes, on the last line of stderr.
process.on('exit', () => process.stderr.write(`\n${process.resourceUsage().maxRSS}\n`));
