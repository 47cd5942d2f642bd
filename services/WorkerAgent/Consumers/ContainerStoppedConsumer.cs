using MassTransit;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.WorkerAgent.Core;
using Vprox.WorkerAgent.Workers;

namespace Vprox.WorkerAgent.Consumers;

/// <summary>ContainerStopped → an event of the worker.</summary>
public sealed class ContainerStoppedConsumer(WorkerInbox inbox) : IConsumer<ContainerStopped>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ContainerStopped> context) => Admission.IsName(context.Message.ContainerId)
        ? inbox.PostAsync(new WorkerEvent.Stopped(context.Message.ContainerId), context.CancellationToken)
        : throw new MalformedMessageException("containerId is 1 to 128 characters of A-Z a-z 0-9 . _ : -");
}
