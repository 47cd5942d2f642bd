using Vprox.Bus.Hosting;
using Vprox.Failover;

return await VproxHost.RunAsync("failover", args, host => host.AddFailover());
