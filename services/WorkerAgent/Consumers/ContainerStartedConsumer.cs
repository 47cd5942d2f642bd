using MassTransit;
using Vprox.Contracts;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;
using Vprox.WorkerAgent.Workers;

namespace Vprox.WorkerAgent.Consumers;

/// <summary>ContainerStarted → an event of the worker, or a refusal.</summary>
public sealed class ContainerStartedConsumer(WorkerInbox inbox, WorkerReports reports, IWorkerKernel kernel, WorkerAgentOptions options) : IConsumer<ContainerStarted>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ContainerStarted> context)
    {
        var started = context.Message;
        var (container, refusal) = Admission.Judge(started, options.WorkerId, kernel.PathTo);
        if (refusal is not null)
        {
            reports.Refuse(new ContainerRefused
            {
                ContainerId = Admission.Shortened(started.ContainerId), WorkerId = options.WorkerId, ProxyId = Admission.Shortened(started.ProxyId),
                Code = refusal.Code, Reason = refusal.Reason,
            });
        }
        if (container is not null)
            await inbox.PostAsync(new WorkerEvent.Started(container, WireGuardPrivateKey.Generate()), context.CancellationToken);
    }
}
