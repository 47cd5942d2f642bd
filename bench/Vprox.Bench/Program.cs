return await Vprox.Bench.CommandLine.RunAsync(args);
