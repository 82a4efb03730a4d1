/** A public key whose private half nobody keeps: what a simulation seals stays sealed. */
export const SIMULATED_SEAL_KEY = {
  kty: 'RSA',
  n: 'jME9bMhqq8MnMWLhx-yPO_jI8qw_RwhMHLOn72uEBOMIga4iaXa9jYa4zgJPaZ2AWTkE-Q94SJ18hdmuMqNKw5PzaVTxzCq3DUd456RIOLckpqVNDFg6T2OvkxdlpGhNaIrmdjrmioCLUN7k9n9mMyZ4z9jeUMGr0SvYldYfxpLE75lFMys0B1LLOzfUy8jxSAp9xhek3eegXjvCyV8Oqjxyew8-9iN_fMCgVp2xvLGMJKF8zbfcp_ML3l59hEybcKeSqPFrDeXlrJePNGc08wfUPniCI7FKdC5twJcM2CzKhveOt_IEPeq_CF3cIicF2hsl0hGt4w6tV68aVX4TOQ',
  e: 'AQAB',
} as const;
