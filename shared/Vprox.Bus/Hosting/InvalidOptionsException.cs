namespace Vprox.Bus.Hosting;

/// <summary>The service cannot start: its configuration is wrong. Holds all errors of all sections.</summary>
public sealed class InvalidOptionsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>One sentence per error, each beginning with the full key, e.g. <c>NodeAgent:HttpsPort</c>.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
