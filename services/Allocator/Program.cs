using Vprox.Allocator;
using Vprox.Allocator.Consumers;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;

return await VproxHost.RunAsync("allocator", args, host =>
{
    var options = host.AddValidatedOptions<AllocatorOptions>("Allocator");
    host.Services.AddAllocator(options).AddAllocatorWorkers();
    host.AddVproxBus(AllocatorQueues.Add);
});
