using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>A call to EC2, and the generations it carries out.</summary>
/// <param name="Step">The call.</param>
/// <param name="Generations">By public address; empty when addresses are only given back.</param>
/// <param name="Begun">When it went out.</param>
public sealed record MoveCall(MoveStep Step, ImmutableSortedDictionary<string, long> Generations, TimeSpan Begun);
