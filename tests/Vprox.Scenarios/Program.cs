return await Vprox.Scenarios.CommandLine.RunAsync(args);
