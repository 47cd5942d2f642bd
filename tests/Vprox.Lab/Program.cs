return await Vprox.Lab.CommandLine.RunAsync(args);
