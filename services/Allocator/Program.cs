using Vprox.Allocator;
using Vprox.Allocator.Consumers;
using Vprox.Allocator.Watch;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;

return await VproxHost.RunAsync("allocator", args, host =>
{
    var options = host.AddValidatedOptions<AllocatorOptions>("Allocator");
    host.Services.AddAllocator(options).AddAllocatorWorkers();
    host.AddHealthPage("/fleet", FleetPage.AnswerAsync);
    host.AddHealthPage("/ports", PortsPage.AnswerAsync);
    host.AddVproxBus(AllocatorQueues.Add);
});
