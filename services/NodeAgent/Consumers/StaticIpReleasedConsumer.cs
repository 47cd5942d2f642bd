using MassTransit;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Consumers;

/// <summary>An address belongs to no proxy any more.</summary>
public sealed class StaticIpReleasedConsumer(PlacementIntake intake) : IConsumer<StaticIpReleased>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StaticIpReleased> context)
    {
        try
        {
            intake.Take(context.Message);
        }
        catch (FormatException e)
        {
            throw new MalformedMessageException(e.Message);
        }
        return Task.CompletedTask;
    }
}
