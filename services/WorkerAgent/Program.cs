using Vprox.Bus.Hosting;
using Vprox.WorkerAgent;

return args is ["teardown", .. var options]
    ? await Teardown.RunAsync(options)
    : await VproxHost.RunAsync("worker-agent", args, host => host.AddWorkerAgent());
