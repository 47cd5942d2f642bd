namespace Vprox.Lab.Cloud.State;

/// <summary>The outcome of a command: a new state with its answer, or an error and no change at all.</summary>
public sealed record Change<T>
{
    /// <summary>The state after the command; null when it was refused.</summary>
    public Ec2State? State { get; internal init; }

    /// <summary>What the caller is told; null when it was refused.</summary>
    public T? Answer { get; internal init; }

    /// <summary>Why it was refused; null when it was done.</summary>
    public Ec2Error? Error { get; internal init; }

    public static implicit operator Change<T>(Ec2Error error) => new() { Error = error };
}

/// <summary>Makes the outcome of a command that was done; an <see cref="Ec2Error"/> becomes the other kind by itself.</summary>
public static class Change
{
    public static Change<T> Done<T>(Ec2State state, T answer) => new() { State = state, Answer = answer };
}
