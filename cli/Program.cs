return await Vprox.Cli.Commands.CommandLine.RunAsync(args);
