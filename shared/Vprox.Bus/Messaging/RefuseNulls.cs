using MassTransit;

namespace Vprox.Bus.Messaging;

/// <summary>Stands before every consumer and refuses messages with a null where the contract has none.</summary>
internal sealed class RefuseNulls<T> : IFilter<ConsumeContext<T>> where T : class
{
    public Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        if (RequiredFields.FirstNull(context.Message) is { } field)
            throw new MalformedMessageException($"{typeof(T).Name}: {field} is required but null");
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("refuseNulls");
}
