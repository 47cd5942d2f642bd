using MassTransit;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Consumers;

/// <summary>An address was placed, here or on another node.</summary>
public sealed class StaticIpPlacedConsumer(PlacementIntake intake) : IConsumer<StaticIpPlaced>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StaticIpPlaced> context)
    {
        try
        {
            intake.Take(context.Message, confirmed: false);
        }
        catch (FormatException e)
        {
            throw new MalformedMessageException(e.Message);
        }
        return Task.CompletedTask;
    }
}
