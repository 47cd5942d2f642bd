namespace Vprox.Bus.Messaging;

/// <summary>Asks another service and waits for its answer, within a bounded time.</summary>
public interface IMessageRequester
{
    /// <summary>Asks what has one kind of answer, e.g. RequestNodeSnapshot → NodeSnapshot.</summary>
    /// <exception cref="NoAnswerException">No answer within <see cref="BusOptions.RequestTimeout"/>, or the other side failed.</exception>
    Task<TAnswer> RequestAsync<TRequest, TAnswer>(TRequest request, CancellationToken cancellationToken)
        where TRequest : class where TAnswer : class;

    /// <summary>Asks what may be refused, e.g. RequestGrant → GrantIssued or GrantRefused: exactly one of the two is not null.</summary>
    /// <exception cref="NoAnswerException">No answer within <see cref="BusOptions.RequestTimeout"/>, or the other side failed.</exception>
    Task<(TAnswer? Answer, TRefusal? Refusal)> RequestAsync<TRequest, TAnswer, TRefusal>(TRequest request, CancellationToken cancellationToken)
        where TRequest : class where TAnswer : class where TRefusal : class;
}
